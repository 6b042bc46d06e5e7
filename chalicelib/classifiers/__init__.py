"""What a model says about texts, where a stage has one and a brand wants it. Alone it makes a person look, no more."""
