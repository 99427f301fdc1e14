package dev.sluice.server.demo;

import java.util.List;

/**
 * What a person can do while the demo runs.
 *
 * @param window over how many seconds the shares are counted
 * @param call a command that calls the service through the proxy
 * @param edit the policy's file
 * @param status a command that asks the server
 * @param hints what to try
 */
record Guide(int window, String call, String edit, String status, List<String> hints) {
  Guide {
    hints = List.copyOf(hints);
  }
}
