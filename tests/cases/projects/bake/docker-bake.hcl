variable "DIR" {
  default = "."
}

group "default" {
  targets = ["app", "docs"]
}

target "_common" {
  dockerfile = "Dockerfile"
  args = {
    BUILT = timestamp()
  }
}

target "app" {
  inherits   = ["_common"]
  context    = DIR
  platforms  = ["linux/amd64"]
  cache-from = ["type=local,src=.cache"]
  output     = ["type=docker"]
}

target "docs" {
  inherits          = ["_common"]
  dockerfile-inline = <<EOT
FROM alpine
COPY /etc /etc
EOT
  output            = ["type=local,dest=./out"]
}

target "root" {
  context = "/"
}

variable "HOME" {
  default = "/nowhere"
}

target "keys" {
  secret = ["id=npm,env=NPM_TOKEN", "id=key,src=${HOME}/.ssh/id_rsa"]
}

target "shadow" {
  secret = [{ id = "shadow", src = "/etc/shadow" }]
}

target "agent" {
  ssh = ["default"]
}

target "insecure" {
  entitlements = ["security.insecure"]
}

target "host" {
  network = "host"
}

target "writes" {
  inherits = ["_common"]
  // dest = "./out"
  output = [
    {
      type = "local"
      dest = "/etc" # of the host
    },
  ]
}

target "cache" {
  cache-to = ["type=local,dest=/var/cache/app"]
}

target "matrix" {
  name    = "matrix-${where}"
  matrix  = { where = ["a", "b"] }
  context = { a = ".", b = "/usr" }[where]
}

target "unknown" {
  context = base64decode("Lg==")
}

target "frontend" {
  args = { BUILDKIT_SYNTAX = "someone/frontend" }
}
