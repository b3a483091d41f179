"""What the models are held against: published results, conclusions and laws."""
