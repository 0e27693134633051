#!/bin/sh
docker ps -a "$1"
