target "default" {
