"""Prints a compose file with the given number of services, of the kind that projects have: compose_file.py 50"""

import sys

HEAD = """\
name: bench
x-common: &common
  restart: unless-stopped
  logging:
    driver: json-file
    options: {max-size: "10m", max-file: "3"}
  environment: &environment
    TZ: Europe/Berlin
    LOG_LEVEL: info
services:
"""

SERVICE = """\
  app{n}:
    <<: *common
    image: registry.example.com/team/app{n}:1.{n}
    command: ["serve", "--port", "80{n:02}"]
    ports:
      - "127.0.0.1:80{n:02}:8080"
    volumes:
      - ./app{n}:/srv/app
      - ./config/app{n}.yaml:/etc/app.yaml:ro
      - data{n}:/var/lib/app
      - type: bind
        source: ./logs/app{n}
        target: /var/log/app
    environment:
      <<: *environment
      DATABASE_URL: postgres://app{n}:${{DB_PASSWORD:-secret}}@db/app{n}
      CACHE_URL: redis://cache:6379/{n}
    healthcheck:
      test: ["CMD", "curl", "-f", "http://localhost:8080/health"]
      interval: 30s
      timeout: 5s
      retries: 3
    labels:
      com.example.service: app{n}
      com.example.tier: backend
"""


def compose_file(count):
    parts = [HEAD]
    for n in range(1, count + 1):
        parts.append(SERVICE.format(n=n))
        if n > 1:
            parts.append(f"    depends_on:\n      app{n - 1}:\n        condition: service_healthy\n")
    parts.append("volumes:\n")
    parts.extend(f"  data{n}:\n" for n in range(1, count + 1))
    return "".join(parts)


if __name__ == "__main__":
    print(compose_file(int(sys.argv[1])), end="")
