"""Things are broken for real: locks held, servers ended, disks full, power cut. What people see, and what is lost."""
