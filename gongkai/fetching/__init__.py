"""Reports from the web, politely: what robots.txt allows, one request at a time per host.

``run`` takes a list of addresses through ``client`` (one address, its redirects and retries) into
``folder`` (files and their sidecars); ``hosts``, ``robots`` and ``transport`` keep the manners.
"""
