target "default" {
  .context = "."
}
