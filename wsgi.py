"""What gunicorn serves: one application in each worker."""

from api import create_app

app = create_app()
