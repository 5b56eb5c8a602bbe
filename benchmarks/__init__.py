"""The gate's whole process beside what is used today: time, memory, and the same counts."""
