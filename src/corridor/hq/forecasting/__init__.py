"""The forecast kept ready beside the pages: walked by a process of its own, never while a page waits."""
