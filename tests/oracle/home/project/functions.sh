start() {
  docker run --privileged "$1"
}
