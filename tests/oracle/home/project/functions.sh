# shellcheck shell=bash
start() {
  docker run --privileged "$1"
}
