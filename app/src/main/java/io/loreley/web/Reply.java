package io.loreley.web;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/** What a route answers. */
sealed interface Reply {

    /** A value, written as JSON. */
    record Value(Object value) implements Reply {}

    /** Bytes that are at hand, and do not change while their tag does not. */
    @SuppressWarnings("ArrayRecordComponent") // written as they are, compared by tag
    record Document(byte[] bytes, byte[] zipped, String tag) implements Reply {

        /** Whether zipping made it shorter; otherwise both are the same. */
        boolean isShorterZipped() {
            return zipped.length < bytes.length;
        }
    }

    /** Bytes that are written as they come. */
    record Stream(String type, Map<String, String> headers, Writer writer) implements Reply {
        public Stream {
            headers = Map.copyOf(headers);
        }
    }

    /** Nothing but a status. */
    record Done(int status, Map<String, String> headers) implements Reply {
        public Done {
            headers = Map.copyOf(headers);
        }
    }

    /** Writes until it is done or nobody listens. */
    interface Writer {
        void write(OutputStream out) throws IOException;
    }
}
