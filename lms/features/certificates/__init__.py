"""Certificates of completion: issued by whoever is through, verified by anybody."""
