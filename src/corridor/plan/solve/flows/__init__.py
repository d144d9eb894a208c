"""What flows say: classes of people in fractions of convoys, the bound in it, and whole convoys out of it."""
