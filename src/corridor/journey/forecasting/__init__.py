"""When will everyone be out, by the board? What was seen becomes beliefs, the board becomes a road with queues."""
