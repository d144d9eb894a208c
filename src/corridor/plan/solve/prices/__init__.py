"""What is each capacity worth, and below what is no plan? Paths of people are made as prices ask for them."""
