"""What gunicorn serves, and how: the application, its health, the settings."""
