// The reference side of the NATS figures: the official C client, driven the way its own documentation does.
//
//   libnats_bench publish   URL SIZE COUNT              publish COUNT messages, then flush
//   libnats_bench request   URL SUBJECT THREADS SECONDS one blocking request loop per thread, one shared connection
//   libnats_bench jetstream URL SIZE COUNT WINDOW       js_PublishAsync with WINDOW messages in flight, file storage
//   libnats_bench respond   URL SUBJECT                 echo until stdin ends
//   libnats_bench version
//
// Each mode prints one line of `key=value` pairs on stdout; errors go to stderr and exit with 1.
// CPU time is this process's own, taken over the timed part only.
#include <nats/nats.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static double clock_seconds(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double wall(void) { return clock_seconds(CLOCK_MONOTONIC); }
static double cpu(void) { return clock_seconds(CLOCK_PROCESS_CPUTIME_ID); }

static void check(natsStatus s, const char *what)
{
    if (s == NATS_OK)
        return;
    fprintf(stderr, "%s: %s\n", what, natsStatus_GetText(s));
    exit(1);
}

static natsConnection *connect_to(const char *url, bool send_asap)
{
    natsOptions *opts = NULL;
    natsConnection *nc = NULL;
    check(natsOptions_Create(&opts), "options");
    check(natsOptions_SetURL(opts, url), "url");
    // Replies are flushed at once by the responder; bulk publishing keeps the default, which coalesces writes.
    check(natsOptions_SetSendAsap(opts, send_asap), "send asap");
    check(natsConnection_Connect(&nc, opts), "connect");
    natsOptions_Destroy(opts);
    return nc;
}

static int publish(const char *url, int size, long count)
{
    natsConnection *nc = connect_to(url, false);
    char *body = calloc(1, (size_t)size);
    for (long i = 0; i < count / 50; i++)
        check(natsConnection_Publish(nc, "bench.publish", body, size), "warm-up publish");
    check(natsConnection_FlushTimeout(nc, 60000), "warm-up flush");

    double w = wall(), c = cpu();
    for (long i = 0; i < count; i++)
        check(natsConnection_Publish(nc, "bench.publish", body, size), "publish");
    check(natsConnection_FlushTimeout(nc, 60000), "flush");
    printf("ops=%ld seconds=%.9f cpu=%.9f\n", count, wall() - w, cpu() - c);
    natsConnection_Destroy(nc);
    free(body);
    return 0;
}

typedef struct
{
    natsConnection *nc;
    const char *subject;
    float *micros;
    long capacity, count;
} requester;

static atomic_bool stopping;

static void *request_loop(void *arg)
{
    requester *r = arg;
    static const char body[16];
    while (!atomic_load_explicit(&stopping, memory_order_relaxed))
    {
        natsMsg *reply = NULL;
        double start = wall();
        check(natsConnection_Request(&reply, r->nc, r->subject, body, sizeof body, 10000), "request");
        natsMsg_Destroy(reply);
        if (r->count < r->capacity)
            r->micros[r->count] = (float)((wall() - start) * 1e6);
        r->count++;
    }
    return NULL;
}

static int by_value(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static int request(const char *url, const char *subject, int threads, double seconds)
{
    enum { CAPACITY = 1 << 20 };
    natsConnection *nc = connect_to(url, getenv("LIBNATS_SEND_ASAP") != NULL);
    requester *all = calloc((size_t)threads, sizeof *all);
    pthread_t *ids = calloc((size_t)threads, sizeof *ids);
    for (int i = 0; i < 200; i++)
    {
        natsMsg *reply = NULL;
        check(natsConnection_Request(&reply, nc, subject, "", 0, 10000), "warm-up request");
        natsMsg_Destroy(reply);
    }

    for (int i = 0; i < threads; i++)
    {
        all[i].nc = nc;
        all[i].subject = subject;
        all[i].capacity = CAPACITY / threads;
        all[i].micros = malloc(sizeof(float) * (size_t)all[i].capacity);
    }

    double w = wall(), c = cpu();
    for (int i = 0; i < threads; i++)
        pthread_create(&ids[i], NULL, request_loop, &all[i]);
    struct timespec t = {(time_t)seconds, (long)((seconds - (double)(long)seconds) * 1e9)};
    nanosleep(&t, NULL);
    atomic_store(&stopping, true);
    for (int i = 0; i < threads; i++)
        pthread_join(ids[i], NULL);
    double took = wall() - w, spent = cpu() - c;

    long ops = 0, kept = 0;
    float *merged = malloc(sizeof(float) * CAPACITY);
    for (int i = 0; i < threads; i++)
    {
        long n = all[i].count < all[i].capacity ? all[i].count : all[i].capacity;
        memcpy(merged + kept, all[i].micros, sizeof(float) * (size_t)n);
        kept += n;
        ops += all[i].count;
    }
    qsort(merged, (size_t)kept, sizeof(float), by_value);
    printf("ops=%ld seconds=%.9f cpu=%.9f p50=%.3f p99=%.3f\n", ops, took, spent,
           (double)merged[kept / 2], (double)merged[(long)((double)kept * 0.99)]);
    natsConnection_Destroy(nc);
    return 0;
}

static int jetstream(const char *url, int size, long count, long window)
{
    natsConnection *nc = connect_to(url, false);
    jsCtx *js = NULL;
    jsOptions o;
    jsStreamConfig cfg;
    jsErrCode code = 0;
    const char *subjects[] = {"bench.js.c"};
    check(jsOptions_Init(&o), "js options");
    o.PublishAsync.MaxPending = window;
    check(natsConnection_JetStream(&js, nc, &o), "jetstream");
    (void)js_DeleteStream(js, "BENCH_C", NULL, &code); // The first round has none to delete.
    check(jsStreamConfig_Init(&cfg), "stream config");
    cfg.Name = "BENCH_C";
    cfg.Subjects = subjects;
    cfg.SubjectsLen = 1;
    cfg.Storage = js_FileStorage;
    cfg.MaxAge = 30LL * 60 * 1000000000;
    cfg.Duplicates = 2LL * 60 * 1000000000;
    check(js_AddStream(NULL, js, &cfg, NULL, &code), "add stream");

    char *body = calloc(1, (size_t)size);
    for (long i = 0; i < 500; i++)
        check(js_PublishAsync(js, "bench.js.c", body, size, NULL), "warm-up publish");
    check(js_PublishAsyncComplete(js, NULL), "warm-up complete");

    double w = wall(), c = cpu();
    for (long i = 0; i < count; i++)
        check(js_PublishAsync(js, "bench.js.c", body, size, NULL), "js publish");
    check(js_PublishAsyncComplete(js, NULL), "js complete");
    printf("ops=%ld seconds=%.9f cpu=%.9f\n", count, wall() - w, cpu() - c);
    (void)js_DeleteStream(js, "BENCH_C", NULL, &code);
    jsCtx_Destroy(js);
    natsConnection_Destroy(nc);
    free(body);
    return 0;
}

static void answer(natsConnection *nc, natsSubscription *sub, natsMsg *msg, void *closure)
{
    (void)sub;
    (void)closure;
    natsConnection_Publish(nc, natsMsg_GetReply(msg), natsMsg_GetData(msg), natsMsg_GetDataLength(msg));
    natsMsg_Destroy(msg);
}

static int respond(const char *url, const char *subject)
{
    natsConnection *nc = connect_to(url, getenv("LIBNATS_NO_ASAP") == NULL);
    natsSubscription *sub = NULL;
    char sink[64];
    check(natsConnection_Subscribe(&sub, nc, subject, answer, NULL), "subscribe");
    check(natsConnection_Flush(nc), "flush");
    printf("ready\n");
    fflush(stdout);
    while (read(STDIN_FILENO, sink, sizeof sink) > 0)
    {
    }
    natsSubscription_Destroy(sub);
    natsConnection_Destroy(nc);
    return 0;
}

int main(int argc, char **argv)
{
    const char *mode = argc > 1 ? argv[1] : "";
    if (strcmp(mode, "publish") == 0 && argc == 5)
        return publish(argv[2], atoi(argv[3]), atol(argv[4]));
    if (strcmp(mode, "request") == 0 && argc == 6)
        return request(argv[2], argv[3], atoi(argv[4]), atof(argv[5]));
    if (strcmp(mode, "jetstream") == 0 && argc == 6)
        return jetstream(argv[2], atoi(argv[3]), atol(argv[4]), atol(argv[5]));
    if (strcmp(mode, "respond") == 0 && argc == 4)
        return respond(argv[2], argv[3]);
    if (strcmp(mode, "version") == 0)
        return printf("%s\n", nats_GetVersion()) < 0;
    fprintf(stderr, "usage: libnats_bench publish|request|jetstream|respond|version ...\n");
    return 2;
}
