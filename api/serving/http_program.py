"""The program that `opmodel serve` starts to serve HTTP.

Run as ``python -m api.serving.http_program PARENT``. Settings and the database address are
in its environment, where no list of processes shows them.
"""

import os
import sys

from api.serving.parentage import end_with_parent
from api.serving.server import serve
from api.settings import ApiSettings

if __name__ == "__main__":
    end_with_parent(int(sys.argv[1]))
    serve(ApiSettings.from_env(os.environ), dsn=os.environ["DATABASE_URL"])
