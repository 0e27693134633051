group "default" {
  targets = ["app"]
}
target "app" {
  context = "."
  dockerfile = "Dockerfile"
  tags = ["acme/app:latest"]
}
target "api" {
  context = "packages/api"
  tags = ["acme/api:latest"]
}
