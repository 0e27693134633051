"""A docker engine that only pretends: it answers a client well enough that the client sends all that it wants, and
records every request. HTTP/1.1 on unix sockets and on a port of this machine; nothing is ever run.

    with FakeEngine(folder) as engine:
        ...                                   # start a client with DOCKER_HOST=engine.address("default")
        for request in engine.take(): ...     # what it sent since the last take()
"""
import http.server
import json
import os
import pathlib
import re
import socketserver
import subprocess
import sys
import tempfile
import threading
import urllib.parse

API_VERSION = "1.60"  # newer than any client's: each then speaks its own newest version
CONTAINER_ID = "c" * 64
NETWORK_SCOPE = "swarm"


class Request:
    """One request of a client: `listener` is the address that it came to ("default", "other", "tcp")."""

    def __init__(self, listener, method, path, query, body):
        self.listener = listener
        self.method = method
        self.path = path
        self.query = query
        self.body = body
        self.cut_off = body is None  # the client has given up in its middle

    def json(self):
        return json.loads(self.body or b"{}")

    def __repr__(self):
        return f"{self.listener} {self.method} {self.path} {self.query}"


def service(name):
    """A service as service update finds it."""
    spec = {"Name": name, "TaskTemplate": {"ContainerSpec": {"Image": "before:1"}},
            "Mode": {"Replicated": {"Replicas": 1}}}
    return {"ID": name, "Version": {"Index": 1}, "Spec": spec, "Endpoint": {"Spec": {}}}


def named(request):
    """The objects that a list of secrets or configs asks for by name."""
    names = json.loads(request.query.get("filters", ["{}"])[0]).get("name", {})
    return [{"ID": "id-" + name, "Spec": {"Name": name}} for name in names]


def container(name):
    config = {"Tty": False, "OpenStdin": False, "Image": "i", "Cmd": None}
    state = {"Status": "running", "Running": True, "ExitCode": 0}
    return {"Id": name, "Name": "/" + name, "Config": config, "State": state, "HostConfig": {}, "NetworkSettings": {}}


def volume(request):
    wanted = request.json()
    return {"Name": wanted.get("Name") or "made", "Driver": "local", "Mountpoint": "/m", "Scope": "local"}


# (method, path, status, answer): the first whose path matches. The answer is JSON, or makes it from the match and the
# request.
ANSWERS = [
    ("GET", r"/version", 200, {"Version": "99.0", "ApiVersion": API_VERSION, "MinAPIVersion": "1.24", "Os": "linux",
                               "Arch": "amd64"}),
    ("GET", r"/info", 200, {"ID": "fake", "OSType": "linux", "Architecture": "x86_64", "ServerVersion": "99.0",
                            "Swarm": {"LocalNodeState": "active", "ControlAvailable": True},
                            "IndexServerAddress": "https://index.docker.io/v1/"}),
    ("POST", r"/containers/create", 201, {"Id": CONTAINER_ID, "Warnings": []}),
    ("POST", r"/containers/[^/]+/wait", 200, {"StatusCode": 0}),
    ("POST", r"/containers/[^/]+/exec", 201, {"Id": "e" * 64}),
    ("POST", r"/containers/[^/]+/\w+", 204, None),
    ("GET", r"/containers/([^/]+)/json", 200, lambda match, request: container(match[1])),
    ("GET", r"/exec/[^/]+/json", 200, {"ID": "e" * 64, "Running": False, "ExitCode": 0}),
    ("POST", r"/exec/[^/]+/start", 200, None),
    ("POST", r"/volumes/create", 201, lambda match, request: volume(request)),
    ("POST", r"/networks/create", 201, {"Id": "n" * 64}),
    ("GET", r"/networks/([^/]+)", 200,
     lambda match, request: {"Name": match[1], "Id": match[1], "Scope": NETWORK_SCOPE, "Driver": "overlay"}),
    ("POST", r"/services/create", 201, {"ID": "s" * 25}),
    ("POST", r"/services/[^/]+/update", 200, {}),
    ("GET", r"/services/([^/]+)", 200, lambda match, request: service(match[1])),
    ("GET", r"/(?:secrets|configs)", 200, lambda match, request: named(request)),
    ("GET", r"/images/.+/json", 200, {"Id": "sha256:" + "1" * 64, "Config": {}}),
    ("POST", r"/images/create", 200, {"status": "pulled"}),
    ("POST", r"/build", 200, {"stream": "Successfully built 111111111111\n", "aux": {"ID": "sha256:" + "1" * 64}}),
    ("GET", r"/tasks", 500, {"message": "nothing runs here"}),  # else a client waits for the tasks of a service
    ("GET", r"/(?:events|nodes|containers/json|images/json)", 200, []),
    ("DELETE", r"/.*", 204, None),
    ("PUT", r"/.*", 200, None),
]
ANSWERS = [(method, re.compile(path), status, answer) for method, path, status, answer in ANSWERS]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def address_string(self):
        return "client"

    def log_message(self, *_):
        pass

    def read_body(self):
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while line := self.rfile.readline():
            size = int(line.split(b";")[0], 16)
            body += self.rfile.read(size)
            self.rfile.readline()
            if size == 0:
                return body
        self.close_connection = True
        return None

    def answer(self, status, content, extra=()):
        data = b"" if content is None else json.dumps(content).encode() + b"\n"
        self.send_response(status)
        for name, value in (("Api-Version", API_VERSION), ("Ostype", "linux"), ("Builder-Version", "1"),
                            ("Docker-Experimental", "true"), *extra):
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def hijack(self):
        """The client takes the connection over for a stream: the stream is empty and ends."""
        self.close_connection = True
        self.wfile.write(b"HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\n"
                         b"Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n")

    def handle_request(self):
        url = urllib.parse.urlsplit(self.path)
        path = re.sub(r"^/v\d+\.\d+(?=/)", "", url.path)
        query = urllib.parse.parse_qs(url.query, keep_blank_values=True)
        if path == "/_ping":
            return self.answer(200, None)
        takes_over = "upgrade" in self.headers.get("Connection", "").lower()
        request = Request(self.server.listener, self.command, urllib.parse.unquote(path), query,
                          b"" if takes_over else self.read_body())
        if takes_over and path.endswith("/start"):
            request.body = self.read_body()  # of an exec; an attach has none
        self.server.record(request)
        if takes_over:
            return self.hijack() if path != "/session" else self.answer(404, {"message": "no sessions here"})
        for method, pattern, status, content in ANSWERS:
            match = pattern.fullmatch(request.path)
            if method == self.command and match:
                return self.answer(status, content(match, request) if callable(content) else content)
        return self.answer(404, {"message": "no such thing: " + path})

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = handle_request


class QuietErrors:
    request_queue_size = 64

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], ConnectionError):  # a client may go as soon as it has heard enough
            super().handle_error(request, client_address)


class UnixServer(QuietErrors, socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


class TcpServer(QuietErrors, http.server.ThreadingHTTPServer):
    pass


class FakeEngine:
    """Listens on folder/default.sock, folder/other.sock, and a free port of 127.0.0.1."""

    def __init__(self, folder):
        self.requests = []
        self.lock = threading.Lock()
        self.addresses = {}
        self.servers = []
        for listener in ("default", "other"):
            path = pathlib.Path(folder) / (listener + ".sock")
            self.listen(listener, UnixServer(str(path), Handler), f"unix://{path}")
        server = TcpServer(("127.0.0.1", 0), Handler)
        self.listen("tcp", server, f"tcp://127.0.0.1:{server.server_address[1]}")

    def listen(self, listener, server, address):
        server.listener = listener
        server.record = self.record
        self.addresses[listener] = address
        self.servers.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def address(self, listener):
        return self.addresses[listener]

    def record(self, request):
        with self.lock:
            self.requests.append(request)

    def take(self):
        with self.lock:
            taken, self.requests = self.requests, []
        return taken

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for server in self.servers:
            server.shutdown()
            server.server_close()


def main():
    """Runs the command that is given with DOCKER_HOST at a pretended engine: python3 fake_engine.py COMMAND..."""
    with tempfile.TemporaryDirectory() as folder, FakeEngine(folder) as engine:
        environment = dict(os.environ, DOCKER_HOST=engine.address("default"), DOCKER_CONFIG=folder)
        return subprocess.run(sys.argv[1:], env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
