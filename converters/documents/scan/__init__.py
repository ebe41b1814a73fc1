"""Scanned pages and images, read by two engines that must agree."""
