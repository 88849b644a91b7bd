// Draws the description of the API. A session is believed only together with its CSRF token (api/auth.py).
const place = document.getElementById("apidocs");

SwaggerUIBundle({
  url: place.dataset.description,
  dom_id: "#apidocs",
  deepLinking: true,
  docExpansion: "none",
  filter: true,
  requestInterceptor: (request) => {
    if (request.method !== "GET") {
      request.headers["X-CSRFToken"] = place.dataset.csrfToken;
    }
    return request;
  },
});
