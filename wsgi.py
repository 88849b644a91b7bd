"""``wsgi:app``, for a server that is started in a checkout; a package has ``api.serve.wsgi:app``."""

from api.serve.wsgi import app as app
