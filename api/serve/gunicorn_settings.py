"""How gunicorn serves the application: ``gunicorn --config python:api.serve.gunicorn_settings``. Where to
listen and with how many workers is said by ``kyodo serve``.

Nothing here reads the environment: settings that differ between places are in ``api/setup/config.py``.
"""

wsgi_app = "api.serve.wsgi:app"

# A loop that holds every connection, and threads for whole requests (decision 0021).
worker_class = "api.serve.worker.loop.FrontWorker"
workers = 2

# What a worker writes (a record, its files, its secrets) is its owner's alone.
umask = 0o077

# The application is made once, before the workers are: making it takes seconds of processor time, which a
# worker that takes another's place must not. It has no socket and no thread then: a process opens the record
# when it is first asked for (api/setup/store.py).
preload_app = True

# gunicorn 25.1 and later would open a socket in the home directory.
control_socket_disable = True

timeout = 60
graceful_timeout = 20

# A newcomer waits here while a worker is being replaced.
backlog = 2048

# The longest address is a search or a cursor; the largest header a session cookie or an If-None-Match.
limit_request_line = 4094
limit_request_fields = 64
limit_request_field_size = 8190

# Requests are logged by the application through structlog; gunicorn tells only what went wrong.
accesslog = None
errorlog = "-"
loglevel = "warning"
