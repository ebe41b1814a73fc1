"""Scanned pages and images, by two engines that must agree."""
