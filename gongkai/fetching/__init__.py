"""Fetch reports from the web politely: obey robots.txt, one request at a time per host.

``run`` passes a list of addresses through ``client`` (one address, its redirects and retries) to
``folder`` (files and their sidecars); ``hosts``, ``robots`` and ``transport`` enforce the limits.
"""
