"""What gunicorn serves: one application, made before the workers are and shared by them."""

from api.serve.app import create_app
from projections.engine.view import VIEWS

app = create_app()
# By which code the views are folded: half a second of work, for all of them at once, that each worker would
# do anew when it is first asked whether it is ready.
fingerprints = [view.fingerprint for view in VIEWS.values()]
