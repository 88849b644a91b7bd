"""What gunicorn serves: the application, its health."""
