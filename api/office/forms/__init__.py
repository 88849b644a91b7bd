"""A form for every declared command, made from its declaration: nothing here knows any command.

A form and the body of a request to the API are the same thing said twice: each control is named by the JSON
pointer of its value, what is typed becomes the body, and the body is accepted, judged and recorded as the API
does it. So a refusal that points into the body points at its control.
"""
