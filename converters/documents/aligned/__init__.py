"""Tables told by how their text is aligned: in PDF pages and in scans."""
