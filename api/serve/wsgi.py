"""What gunicorn serves: one application in each worker."""

from api.serve.app import create_app

app = create_app()
