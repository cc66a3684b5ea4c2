"""How much a request of ours costs beside the least that any Flask application must do for it.

``python3 dev.py bench`` prints it; docs/performance.md keeps the figures and says how to read them.
"""
