# The product as one image; deploy/run says as what it starts: web, worker, scheduler or migrate.
FROM python:3.13-slim-trixie

RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz0b libharfbuzz-subset0 libfontconfig1 fonts-dejavu-core \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /var/lib/ssp --create-home --shell /usr/sbin/nologin ssp \
 && install -d -o ssp -g ssp -m 0700 /var/lib/ssp/files /var/lib/ssp/run

WORKDIR /opt/ssp/app
COPY requirements.txt script/machine/uv.txt ./
RUN pip install --no-cache-dir --require-hashes -r uv.txt \
 && UV_COMPILE_BYTECODE=1 uv pip sync --system --no-cache --require-hashes requirements.txt

COPY . .
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 SSP_HOME=/var/lib/ssp SSP_STATIC_ROOT=/opt/ssp/static DJANGO_SETTINGS_MODULE=ssp.settings
# the static files are part of the image; the two keys are only there so that settings load
RUN SSP_SECRET_KEY=build SSP_DATA_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= python manage.py collectstatic --noinput --verbosity 0

USER ssp
EXPOSE 8000
ENTRYPOINT ["deploy/run"]
CMD ["web"]
