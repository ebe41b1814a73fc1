"""Tables recognised by the alignment of their text, in PDF pages and in scans."""
