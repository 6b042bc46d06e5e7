"""A model's opinions about texts, if the stage has a model and the brand wants it. Alone, an opinion only makes a
person look.
"""
