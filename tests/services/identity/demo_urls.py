"""The house's addresses with those of the demo's own identity provider."""

from yakuba import urls
from yakuba.services.identity.demo import provider_addresses

urlpatterns = [*provider_addresses(), *urls.urlpatterns]
handler400, handler403, handler404, handler500 = (
    urls.handler400,
    urls.handler403,
    urls.handler404,
    urls.handler500,
)
