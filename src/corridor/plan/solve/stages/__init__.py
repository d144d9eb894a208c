"""What is the best so far, and how does it get better a part at a time?"""
