"""What people do, one folder each. Features meet through ``service``; only ``lms.app`` opens their ``views``."""
