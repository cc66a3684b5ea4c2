"""Buku kesalahan: questions that come back until they are remembered, and what is due today."""
