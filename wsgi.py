"""The platform as one WSGI application, for a server of one's own.

`gunicorn -c python:hosting.ops.web_server wsgi:application` serves it as the platform itself does.

`jiyue serve` starts the same application together with worker and signer.
"""

from hosting.directory.application import create_application
from hosting.runtime.log_lines import write_log_lines

write_log_lines()
application = create_application()
