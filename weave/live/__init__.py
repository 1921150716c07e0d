"""Running in place: cells of a served page run in a kernel of the page's own.

``app`` answers requests, ``gate`` says whose; ``pool`` has the visits, a ``visit`` its
runs, a ``kernel`` its process, and ``shell`` is what that process does in another way.
"""

FIGURE = "application/vnd.weave.figure+json"  # how a kernel shows one of our figures
