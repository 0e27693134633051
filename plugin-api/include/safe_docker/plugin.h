/* The contract between safe-docker and its plugins: ABI major 1, plain C11.
 *
 * A plugin is a shared library that exports one data symbol. It looks at what docker is about to be asked to do (a
 * request with its effects) and reports findings, or it expands one request into several (a compose project into its
 * services). C++ authors include <safe_docker/checker.hpp>, which sits on top of this file and adds nothing to it.
 *
 * Rules that hold for everything below:
 *
 *  1. Ownership. Memory belongs to the side that made it and is lent to the other side until the call returns. What a
 *     plugin hands to a sink is copied before the sink returns. Nobody frees the other side's memory. A description is
 *     constant data that lives as long as the library.
 *  2. Text is bytes with a length, meant to be UTF-8, never NUL-terminated. A NUL byte inside a text stands for a part
 *     that nobody can know before the command runs: "$DIR/x" with DIR unset is "\0/x" (see sdp_is_known).
 *  3. Growth. A struct that may grow starts with its `size` in bytes; an array carries the `stride` of its items.
 *     Read a field only if it lies inside `size` (SDP_HAS), and pass over kinds, flags and fields that you do not
 *     know. What you fill in yourself has your own sizeof as its `size`, and zeros in what you do not use. Within
 *     major 1 fields, kinds and flags are appended, never moved, removed or given another meaning. What needs more is
 *     major 2 and has another entry symbol.
 *  4. Threads. Every call comes from one thread, one at a time. No thread of a plugin may call the host, and no thread
 *     and no child process may be left when a call returns.
 *  5. Errors. A function returns SDP_OK or SDP_FAILED, and tells its sink why. No exception, longjmp or exit may
 *     leave a plugin. Whatever a plugin does wrong, the host answers "deny", naming the plugin.
 *  6. A plugin can object; it cannot grant. Silence and SDP_OK mean "no objection".
 *  7. A plugin keeps the process as it found it: descriptors, working directory, environment, locale, signals. It
 *     writes to none of descriptors 0 to 2. It says the same of the same request each time.
 *  8. Time. Reading, judging and answering one command share one deadline, two seconds unless the configuration says
 *     otherwise; past it the command is denied. A check should be done in a few microseconds.
 *  9. Limits, beyond which a plugin has failed: 1000 findings, 10000 requests and 100000 effects from one call; a text
 *     of 1 MiB; an array of 10000 items or with a stride of 4096 bytes; 1000 rules; an id of 64 bytes; any other line
 *     of a description of 4096 bytes.
 *
 * `safe-docker plugin check FILE` tries out whether a plugin keeps to this. */
#ifndef SAFE_DOCKER_PLUGIN_H
#define SAFE_DOCKER_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A host loads plugins of its own major whose minor is not newer than its own. */
#define SDP_ABI_MAJOR 1
#define SDP_ABI_MINOR 0

/* True if `object`, whose struct type is `type`, is large enough to hold `field`. */
#define SDP_HAS(object, type, field) ((object)->size >= offsetof(type, field) + sizeof((object)->field))

/* What functions return. Zero is never a success, so memory that nobody filled in is a failure. ABSENT and UNKNOWN are
   answers of the host's services only. */
enum { SDP_OK = 1, SDP_ABSENT = 2, SDP_UNKNOWN = 3, SDP_FAILED = -1 };

/* Bytes with a length; fixed for ever. `data` may be null when `size` is 0. */
typedef struct sdp_string {
  const char* data;
  size_t size;
} sdp_string;

/* `count` items, each `stride` bytes after the one before; `items` may be null when `count` is 0. Fixed for ever. */
typedef struct sdp_array {
  const void* items;
  uint32_t count;
  uint32_t stride;
} sdp_array;

/* Ordered by strength: the verdict is the strongest decision. A value outside the enum counts as a plugin failure. */
typedef int32_t sdp_decision;
enum { SDP_ALLOW = 1, SDP_ASK = 2, SDP_DENY = 3 };

/* ---- Effects: what a request would do to the host, or be given by it ------------------------------------------- */

/* The kind says what the text fields of an effect mean. Fields that a kind does not mention are empty. */
typedef uint32_t sdp_effect_kind;
enum {
  /* Something that the host could not understand. subject: what; name: why it matters; options: "refused" if docker
     itself would refuse it, and subject says what it takes instead. Judged "ask" by the host itself, whatever plugins
     say. */
  SDP_EFFECT_UNKNOWN = 1,
  /* Makes a host path visible in a container. subject: the path as the engine gets it, absolute and lexically clean;
     resolved: the same with symbolic links followed; target: path in the container; options: the mount options as
     given, separated by commas (ro, shared, ...); name: "bind", or what else brings the path in ("overlay", "device",
     ...). */
  SDP_EFFECT_MOUNT_HOST_PATH = 2,
  /* The client or the builder reads, writes or deletes a host file or folder. subject and resolved as above; name: what
     for ("build context", "env file", ...); options: "tree" if a folder is deleted with all that is in it, "stream" if
     the shell opens it for standard input or output, with the rights of whoever types the command. */
  SDP_EFFECT_READ_HOST_PATH = 3,
  SDP_EFFECT_WRITE_HOST_PATH = 4,
  SDP_EFFECT_DELETE_HOST_PATH = 5,
  /* Mounts a volume of the engine. subject: its name, empty if anonymous; target as above; name: the driver. */
  SDP_EFFECT_USE_VOLUME = 6,
  /* Takes over the mounts of another container. subject: its name, with the mode if one is given. */
  SDP_EFFECT_INHERIT_MOUNTS = 7,
  /* All capabilities, all devices, no confinement. name: "container", "exec", "build" or "hook". */
  SDP_EFFECT_PRIVILEGED = 8,
  /* subject: the capability in upper case without CAP_, or "ALL". */
  SDP_EFFECT_ADD_CAPABILITY = 9,
  /* Shares a namespace. name: "network", "pid", "ipc", "uts", "userns" or "cgroupns"; subject: "host",
     "container:NAME", or the name of a network. */
  SDP_EFFECT_JOIN_NAMESPACE = 10,
  /* subject: the host device (and resolved), a CDI name, or a cgroup rule; name: "device", "cdi", "cgroup-rule", "gpu";
     target: path in the container; options: permissions. */
  SDP_EFFECT_USE_DEVICE = 11,
  /* name: key ("seccomp"); subject: value ("unconfined"). A profile that is a file is a READ_HOST_PATH as well. */
  SDP_EFFECT_SECURITY_OPTION = 12,
  /* name: the parameter ("net.core.somaxconn"); subject: its value. */
  SDP_EFFECT_SET_SYSCTL = 13,
  /* subject: the cgroup. */
  SDP_EFFECT_CGROUP_PARENT = 14,
  /* Adds a name to /etc/hosts of the container. name: host name; subject: address, canonical where it is one. */
  SDP_EFFECT_ADD_HOST = 15,
  /* name: the argument; subject: its value, empty if it is taken from the environment. */
  SDP_EFFECT_BUILD_ARGUMENT = 16,
  /* Gives the build an agent socket or keys. name: "ssh" or "secret"; subject: the id. */
  SDP_EFFECT_BUILD_CREDENTIAL = 17,
  /* subject: the reference in full ("docker.io/library/alpine:latest"), or the id of a local image; name: "run",
     "pull", "build", "mount"; options: "id" if it is an image id, "invalid" if it is no reference at all. */
  SDP_EFFECT_USE_IMAGE = 18,
  /* Talks to an engine. subject: its endpoint ("unix:///var/run/docker.sock"); name: what chose it ("default",
     "--host", "DOCKER_HOST", "context NAME"). Each request that reaches an engine has one such effect. */
  SDP_EFFECT_USE_ENGINE = 19,
  /* Destroys something of the engine's. name: "volume", "container", "image", "network", "build cache", "builder",
     "service", "stack", "secret", "config", "node", "engine plugin", "context", "build record", "machine",
     "namespace"; subject: which one, its
     project if options says "project", empty for all that are meant; options, separated by commas: "data" (what is
     lost cannot be made again), "unused" (whatever is not in use, of every user of the engine), "all" (also what has a
     name or a tag), "anonymous" (only what has no name of its own), "project" (what belongs to the compose project
     `subject`), "orphans" (of those, what the project's file no longer has). */
  SDP_EFFECT_DESTROY = 20,
  /* Runs code on the host, or as root in the engine, that comes from elsewhere. name: how ("cli plugin", "engine
     plugin", "client configuration", ...); subject: from where. */
  SDP_EFFECT_RUN_CODE = 21,
  /* Runs a command inside a container. subject: the command, its words joined by blanks; name: the container if it is
     an existing one. */
  SDP_EFFECT_RUN_COMMAND = 22,
  /* Publishes a port. subject: host address and port; target: container port. */
  SDP_EFFECT_PUBLISH_PORT = 23,
  /* Gives a variable of the host's environment to a container. name: the variable. */
  SDP_EFFECT_PASS_ENVIRONMENT = 24,
  /* Gives a container the socket of the engine and the registry logins. */
  SDP_EFFECT_USE_API_SOCKET = 25,
  /* Changes what the engine or the client is. name: "swarm", "context", "node", ...; subject: which. */
  SDP_EFFECT_CHANGE_ENGINE = 26,
  /* Another OCI runtime. subject: its name. */
  SDP_EFFECT_USE_RUNTIME = 27,
  /* Sends something away from the machine. name: what ("image", "build result", "build cache", "project",
     "registry logins", ...); subject: which one or where to. */
  SDP_EFFECT_SEND = 28,
  /* The engine or the builder fetches something by itself. name: what for ("image import", "build context",
     "Dockerfile", ...); subject: the address. */
  SDP_EFFECT_FETCH = 29,
  /* Sets something of the engine's that reaches beyond the container. name: the option as docker spells it
     ("annotation", "log-driver", "log-opt", "restart", "oom-score-adj", ...), behind the command's first word where it
     is no option of run ("network driver"); subject: its value. "engine" is another engine than the one that the
     user's own settings name. */
  SDP_EFFECT_SET_OPTION = 30,
  /* Starts, stops, enters or changes a container that exists. name: what is done ("exec", "start", "stop", "attach",
     ...); subject: the container. */
  SDP_EFFECT_CONTROL_CONTAINER = 31,
  /* Reaches the engine, what lies below it, or the host's own namespaces past docker's command line. name: by what
     ("curl", "ctr", "nsenter", "system dial-stdio", ...); subject: what is asked of it ("POST /containers/create"),
     empty if nobody can tell; options: "read" if its effects are all listed beside it. */
  SDP_EFFECT_RAW_ENGINE = 32,
  /* Sets something that is ordinary work, or that another effect of the request says as well; no shipped checker
     objects to it. name: the option as in SET_OPTION ("restart", "user", "builder use", ...); subject: its value. */
  SDP_EFFECT_ORDINARY_OPTION = 33,

  SDP_EFFECT_KIND_COUNT = 34
};

/* Set in sdp_effect.flags. */
enum {
  SDP_EFFECT_READ_ONLY = 1,  /* a mount that the container cannot write to */
  SDP_EFFECT_UNRESOLVED = 2, /* a text field that matters holds an unknown part */
  SDP_EFFECT_SOCKET = 4,     /* `resolved` is a socket right now */
  SDP_EFFECT_DIRECTORY = 8,  /* `resolved` is a folder right now */
  SDP_EFFECT_EXISTS = 16     /* `resolved` exists right now */
};

/* Where something was said, for people: "--privileged", or "privileged: true" in compose.yaml:12 of service web. */
typedef struct sdp_evidence {
  uint32_t size;
  uint32_t line;   /* 1 for the first line of `file`; 0 if there is none */
  uint32_t column; /* 1 for the first byte of the line; 0 if not known */
  uint32_t reserved;
  sdp_string written; /* the words or the setting as they stand there */
  sdp_string file;    /* absolute path; empty for the command line */
  sdp_string service; /* compose service; empty if none */
} sdp_evidence;

typedef struct sdp_effect {
  uint32_t size;
  sdp_effect_kind kind;
  uint32_t flags; /* SDP_EFFECT_READ_ONLY ... */
  uint32_t reserved;
  sdp_string subject;
  sdp_string name;
  sdp_string target;
  sdp_string options;
  sdp_string resolved; /* an expander may leave it empty for paths: the host then fills it in, with the flags */
  const sdp_evidence* evidence; /* null: that of the request */
} sdp_effect;

/* ---- Requests -------------------------------------------------------------------------------------------------- */

/* An option as docker's own parser would see it. */
typedef struct sdp_option {
  uint32_t size;
  uint32_t reserved;
  sdp_string name;    /* canonical long name without dashes: "volume" for "-v" */
  sdp_string value;   /* "true" for a switch that stands alone */
  sdp_string written; /* the word or words: "-v /etc:/x" */
} sdp_option;

/* What a request was made from; COMPOSE stands for whatever files describe. */
enum { SDP_ORIGIN_COMMAND_LINE = 1, SDP_ORIGIN_COMPOSE = 2, SDP_ORIGIN_ENGINE_API = 3 };

/* Set in sdp_request.flags. */
enum {
  SDP_REQUEST_REMOTE_ENGINE = 1, /* the engine runs on another machine: mounts are that machine's paths */
  SDP_REQUEST_INCOMPLETE = 2     /* some words are unknown: there may be more options than the ones listed */
};

/* One thing that docker is about to be asked to do: a container to create, a build, a prune. */
typedef struct sdp_request {
  uint32_t size;
  uint32_t origin;
  uint32_t flags;
  uint32_t reserved;
  sdp_string program;  /* "docker", "docker-compose", "podman", ... */
  sdp_string command;  /* canonical: "container run", "compose up"; a service of a project is "compose service" */
  sdp_string cwd;      /* absolute; holds an unknown part or is empty if nobody can tell */
  sdp_string home;     /* absolute; likewise */
  sdp_string engine;   /* endpoint, as in USE_ENGINE */
  sdp_string source;   /* the command line as it was written */
  sdp_array options;   /* sdp_option, in the order written */
  sdp_array arguments; /* sdp_string: the words that are no options */
  sdp_array effects;   /* sdp_effect */
  const sdp_evidence* evidence; /* of the request as a whole: the command line, or the service and where it begins */
} sdp_request;

/* ---- Findings -------------------------------------------------------------------------------------------------- */

typedef struct sdp_finding {
  uint32_t size;
  sdp_decision decision; /* SDP_ALLOW makes it a note, shown beside other findings */
  sdp_string rule;       /* one of the description's rules, without the plugin's id: "outside-home" */
  sdp_string message;    /* one sentence: what would happen and why it matters, in half a sentence */
  sdp_string advice; /* one sentence: what to do instead, such that it would be allowed; empty if there is nothing */
  const sdp_evidence* evidence; /* normally that of the effect; null: that of the request */
  /* What the finding is about, so that exceptions can be made for a path or an image; null: nothing in particular.
     Normally one of the request's own effects. */
  const sdp_effect* effect;
} sdp_finding;

/* Where findings go. `report` returns SDP_OK; anything else means that the host has heard enough. */
typedef struct sdp_finding_sink {
  uint32_t size;
  uint32_t reserved;
  void* context;
  int32_t (*report)(void* context, const sdp_finding* finding);
  /* Says why the running call is about to return SDP_FAILED. */
  void (*error)(void* context, sdp_string message);
} sdp_finding_sink;

/* Where an expander puts the requests that it makes. They are judged like any other. Order of calls: begin, any number
   of effect and option, end; then the next. A request that was not ended is a failure of the plugin. */
typedef struct sdp_request_sink {
  uint32_t size;
  uint32_t reserved;
  void* context;
  /* `request` says command, cwd, evidence; empty fields are taken from the request being expanded. Its effects count.
   */
  int32_t (*begin)(void* context, const sdp_request* request);
  /* An effect that the expander knows itself. */
  int32_t (*effect)(void* context, const sdp_effect* effect);
  /* The same effects that `docker run --NAME=VALUE` would have ("volume", "mount", "cap-add", "security-opt", "device",
     "network", ...), in a request for "buildx build" those that `docker build --NAME=VALUE` would have ("secret",
     "output", ...). Relative paths count from the request's cwd. SDP_FAILED: docker would refuse the value, and the
     host has added an unknown effect. */
  int32_t (*option)(void* context, sdp_string name, sdp_string value, const sdp_evidence* evidence);
  int32_t (*end)(void* context);
  /* A command line that the tool would run by itself ("docker", "compose", "-f", ...), outside of begin and end. It is
     read, expanded and judged as if it had been typed in the folder `cwd`, with the place of `evidence`. `words` are
     sdp_string; an empty one in the image's place stands for an image that the tool has made. */
  int32_t (*run)(void* context, sdp_string cwd, sdp_array words, const sdp_evidence* evidence);
} sdp_request_sink;

/* ---- Services of the host -------------------------------------------------------------------------------------- */

enum { SDP_PATH_EXISTS = 1, SDP_PATH_DIRECTORY = 2, SDP_PATH_SOCKET = 4, SDP_PATH_DEVICE = 8, SDP_PATH_REGULAR = 16 };

typedef struct sdp_path {
  uint32_t size;
  uint32_t flags;      /* SDP_PATH_EXISTS ..., of `resolved` */
  sdp_string clean;    /* absolute, without "." and "..", links not followed */
  sdp_string resolved; /* `clean` with every link followed; missing parts are kept as they are */
} sdp_path;

enum { SDP_VALUE_STRING = 1, SDP_VALUE_BOOLEAN, SDP_VALUE_INTEGER, SDP_VALUE_LIST, SDP_VALUE_TABLE };

typedef struct sdp_value {
  uint32_t size;
  uint32_t kind;   /* SDP_VALUE_STRING ... */
  int64_t integer; /* of an integer; 0 or 1 of a boolean; number of items of a list or table */
  sdp_string text; /* of a string */
} sdp_value;

enum { SDP_LOG_DEBUG = 1, SDP_LOG_INFO, SDP_LOG_WARNING, SDP_LOG_ERROR };

/* Lent to a plugin by create, valid as long as the plugin is. Texts that a service gives back are valid until the call
   into the plugin that asked for them returns; settings are valid as long as the plugin. */
typedef struct sdp_host {
  uint32_t size;
  uint32_t abi_minor;
  void* context;
  sdp_string version; /* of safe-docker: "0.1.0" */
  /* Tells the user's standard error, if the level is wanted: one line, cut at 4096 bytes, with blanks for control
     characters. */
  void (*log)(void* context, int32_t level, sdp_string message);
  /* Looks at the file system. `base` is absolute and is what a relative path counts from; the caller sets
     result->size. SDP_OK, also for a path that does not exist (see flags); SDP_FAILED if links go in a circle or
     something may not be read (then `resolved` is as far as it went); SDP_UNKNOWN if a part is unknown (then the result
     is as it was). */
  int32_t (*resolve_path)(void* context, sdp_string path, sdp_string base, sdp_path* result);
  /* Reads a regular file of at most `limit` bytes (the host's own limit is 64 MiB), as the command that is being judged
     would find it. `path` is absolute. SDP_OK;
     SDP_ABSENT if there is none; SDP_UNKNOWN if nobody can tell what it will hold by then; SDP_FAILED if it is not
     regular, too large, or unreadable. With the last two `content` says why. */
  int32_t (*read_file)(void* context, sdp_string path, uint64_t limit, sdp_string* content);
  /* A variable as the command that is being judged would see it. SDP_OK, SDP_ABSENT if unset, SDP_UNKNOWN. */
  int32_t (*environment)(void* context, sdp_string name, sdp_string* value);
  /* The plugin's own settings by JSON pointer: "/allowed_registries/0", "" for the whole table; the caller sets
     value->size. SDP_OK or SDP_ABSENT. */
  int32_t (*setting)(void* context, sdp_string pointer, sdp_value* value);
  /* All of the plugin's settings as a JSON object. */
  int32_t (*settings_json)(void* context, sdp_string* json);
  /* A further service by id and revision ("safe-docker.clock/1"); null if this host does not have it. */
  const void* (*extension)(void* context, const char* id);
} sdp_host;

/* ---- What a plugin says of itself ------------------------------------------------------------------------------ */

/* How bad it is if what a rule finds does happen. Says nothing of the decision; logs and reports sort by it. */
enum {
  SDP_SEVERITY_INFO = 1, /* a note */
  SDP_SEVERITY_LOW,      /* untidy, or a weak link in a chain */
  SDP_SEVERITY_MEDIUM,   /* somebody's work or data may be lost or read */
  SDP_SEVERITY_HIGH,     /* keys, or a good part of the host's power */
  SDP_SEVERITY_CRITICAL  /* the whole host */
};

typedef struct sdp_rule {
  uint32_t size;
  sdp_decision strict; /* the decision in each profile, unless the settings say otherwise */
  sdp_decision standard;
  sdp_decision permissive;
  sdp_string id;        /* lower case, digits, dashes; unique in the plugin, stable for ever: "outside-home" */
  sdp_string title;     /* one line: what the rule finds */
  sdp_string why;       /* one line: what it protects from */
  sdp_string standards; /* ids it answers to, separated by blanks: "CIS-5.5 PSS-privileged"; empty if none */
  sdp_string tags;      /* what it is about, lower case, separated by blanks: "files secrets"; empty if none */
  uint32_t severity;    /* SDP_SEVERITY_... */
  uint32_t reserved;
} sdp_rule;

/* Set in sdp_description.flags. */
enum {
  /* Every finding is a note. The host calls such a plugin only when there is an answer to add its notes to. */
  SDP_PLUGIN_ADVISES = 1
};

/* Constant data. The host reads it before it runs any code of the plugin. */
typedef struct sdp_description {
  uint32_t size;
  uint32_t flags;
  sdp_string id;      /* lower case, digits, dashes; the first half of each rule's full id */
  sdp_string version; /* semantic version of the plugin */
  sdp_string summary; /* one line */
  sdp_string license; /* SPDX */
  sdp_string url;
  sdp_array rules; /* sdp_rule */
  /* sdp_string, canonical commands that check or expand wants: "container run", not "run"; "compose *" for all below
     compose; empty for every command. */
  sdp_array commands;
  /* Kinds of effects that check looks at, bit 1 << SDP_EFFECT_...; a request with none of them is not shown to it.
     0: every request that `commands` lets through. Expanders do not use it. */
  uint64_t effects;
  /* JSON Schema (2020-12) of its settings; empty: it takes none. The host refuses settings that do not fit before it
     calls create. "examples" and "default" in it are what `plugin check` tries the plugin with. */
  sdp_string settings_schema;
} sdp_description;

/* The entry symbol. The functions may be null where noted. */
typedef struct sdp_plugin {
  uint32_t size;
  uint32_t abi_major;
  uint32_t abi_minor;
  uint32_t reserved;
  const sdp_description* description;
  /* Makes the plugin ready; called once, before any other function, and again only after destroy. `host` stays until
     destroy; `sink` takes errors only, and only during this call. Refuses settings that it cannot work with: SDP_FAILED
     and an error, after which nothing else is called. `self` is handed to the other functions. */
  int32_t (*create)(const sdp_host* host, const sdp_finding_sink* sink, void** self);
  /* Judges one request. Null in a plugin that only expands. */
  int32_t (*check)(void* self, const sdp_request* request, const sdp_finding_sink* sink);
  /* Turns one request into more. Null in a plugin that only checks. Findings are for what cannot be expanded. */
  int32_t (*expand)(void* self, const sdp_request* request, const sdp_request_sink* requests,
                    const sdp_finding_sink* sink);
  /* Frees what create has made; only create may follow. Called by tools and tests; in front of a command the process
     may just end. May be null. */
  void (*destroy)(void* self);
  /* Something of the plugin by id and revision (SDP_EXTENSION_RULES); null for one that it does not have. May be null.
   */
  const void* (*extension)(void* self, const char* id);
} sdp_plugin;

/* For a plugin whose rules come from its settings, and so cannot stand in its description: a `const sdp_array*` of
   sdp_rule, which the host asks for once after create and adds to the description's. They are held to the same: an id
   that is used twice, or a decision that does not exist, is a failure of the plugin. Valid as long as the plugin is. */
#define SDP_EXTENSION_RULES "safe-docker.rules/1"

#define SDP_ENTRY_SYMBOL "safe_docker_plugin_v1"

#if defined(__GNUC__)
#define SDP_EXPORT __attribute__((visibility("default")))
#else
#define SDP_EXPORT
#endif

/* The one symbol that a plugin exports. */
SDP_EXPORT extern const sdp_plugin safe_docker_plugin_v1;

/* False if `text` holds a part that nobody can know before the command runs. */
static inline int sdp_is_known(sdp_string text) {
  for (size_t i = 0; i < text.size; ++i) {
    if (text.data[i] == '\0') {
      return 0;
    }
  }
  return 1;
}

#ifdef __cplusplus
}
#endif

#endif
