"""The house's addresses with those of the demo's own directory."""

from yakuba import urls
from yakuba.kernel.access.demo import directory_addresses

urlpatterns = [*directory_addresses(), *urls.urlpatterns]
handler400, handler403, handler404, handler500 = (
    urls.handler400,
    urls.handler403,
    urls.handler404,
    urls.handler500,
)
