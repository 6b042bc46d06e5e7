"""What would become of a reply, before it is one."""
