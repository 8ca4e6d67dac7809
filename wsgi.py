"""The platform as one WSGI application, for a server of one's own: `gunicorn wsgi:application`.

`jiyue serve` starts the same application together with worker and signer.
"""

from hosting.directory.application import create_application

application = create_application()
