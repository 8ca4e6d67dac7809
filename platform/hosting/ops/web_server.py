"""Gunicorn's settings, whoever starts it: `gunicorn -c python:hosting.ops.web_server …`.

With a file of settings named, it reads none that lies about in the working directory.
"""

worker_class = "gthread"
workers = 1
graceful_timeout = 20
keepalive = 5
loglevel = "warning"

# By default a proxy on this machine may say under which path and by which prefix it was asked, in
# headers that a reader can send as well; links and redirects are built from that prefix.
forwarder_headers = ""

logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "hosting.runtime.log_lines.OneLine"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"level": "WARNING", "handlers": ["stderr"]},
    "loggers": {
        "gunicorn.error": {"level": "WARNING", "handlers": ["stderr"], "propagate": False},
    },
}
