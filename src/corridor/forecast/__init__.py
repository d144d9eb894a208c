"""When will everyone be out: the road as queues, walked through many futures. Knows `base` only."""
