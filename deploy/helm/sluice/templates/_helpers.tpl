{{- define "sluice.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "sluice.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains (include "sluice.name" .) .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "sluice.name" .) | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Names of what no namespace holds: two releases of one name may stand in two namespaces. */}}
{{- define "sluice.clusterName" -}}
{{- if eq .Release.Namespace (include "sluice.fullname" .) -}}
{{- include "sluice.fullname" . -}}
{{- else -}}
{{- printf "%s.%s" (include "sluice.fullname" .) .Release.Namespace -}}
{{- end -}}
{{- end -}}

{{- define "sluice.selector" -}}
app.kubernetes.io/name: {{ include "sluice.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "sluice.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{ include "sluice.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- end -}}

{{- define "sluice.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "sluice.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "sluice.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end -}}
{{- end -}}

{{- define "sluice.webhookSecret" -}}
{{- if eq .Values.webhook.tls.source "secret" -}}
{{- required "webhook.tls.secretName: name the secret with the webhook's certificate, or set webhook.tls.source to chart or certManager" .Values.webhook.tls.secretName -}}
{{- else -}}
{{ include "sluice.fullname" . }}-webhook
{{- end -}}
{{- end -}}

{{/* What a pod's own cluster and the others are watched by. */}}
{{- define "sluice.sources" -}}
{{- with .Values.kubernetes }}
{{- if .enabled }}
- name: {{ .name }}
  status: {{ .status }}
  {{- with .namespaces }}
  namespaces: {{ toJson . }}
  {{- end }}
  {{- with .labelSelector }}
  labelSelector: {{ quote . }}
  {{- end }}
  {{- with .holdEmpty }}
  holdEmpty: {{ . }}
  {{- end }}
{{- end }}
{{- end }}
{{- range .Values.clusters }}
- name: {{ .name }}
  kubeconfig: /etc/sluice/clusters/{{ .name }}/kubeconfig
  {{- with .context }}
  context: {{ quote . }}
  {{- end }}
  status: {{ ternary true .status (kindIs "invalid" .status) }}
  {{- with .namespaces }}
  namespaces: {{ toJson . }}
  {{- end }}
  {{- with .labelSelector }}
  labelSelector: {{ quote . }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* sluice.yaml as the chart writes it, before config is merged over it. */}}
{{- define "sluice.ownConfig" -}}
xds:
  address: {{ printf "%s:18000" .Values.listen | quote }}
  drain: {{ .Values.xds.drainSeconds }}s
  {{- if .Values.xds.tls.secret }}
  tls:
    cert: /etc/sluice/xds/tls.crt
    key: /etc/sluice/xds/tls.key
    {{- if .Values.xds.tls.clientCa }}
    clientCa: /etc/sluice/xds/ca.crt
    {{- end }}
  {{- end }}
  {{- with .Values.xds.identity }}
  identity: {{ toJson . }}
  {{- end }}
admin:
  {{- if .Values.admin.tls.secret }}
  address: {{ printf "%s:18001" .Values.listen | quote }}
  tls:
    cert: /etc/sluice/admin/tls.crt
    key: /etc/sluice/admin/tls.key
    {{- if .Values.admin.tls.clientCa }}
    clientCa: /etc/sluice/admin/ca.crt
    {{- end }}
  {{- else }}
  address: 127.0.0.1:18001
  {{- end }}
  {{- with .Values.admin.tokens }}
  tokens:
    {{- range . }}
    - {name: {{ .name }}, tokenFile: /etc/sluice/tokens/{{ .name }}/token, may: {{ default "read" .may }}}
    {{- end }}
  {{- end }}
telemetry:
  address: {{ printf "%s:18002" .Values.listen | quote }}
{{- if .Values.webhook.enabled }}
webhook:
  address: {{ printf "%s:18443" .Values.listen | quote }}
  tls:
    cert: /etc/sluice/webhook/tls.crt
    key: /etc/sluice/webhook/tls.key
{{- end }}
{{- with include "sluice.sources" . | trim }}
sources:
  kubernetes:
    {{- . | nindent 4 }}
{{- end }}
log:
  level: {{ .Values.log.level }}
  json: {{ .Values.log.json }}
{{- end -}}

{{- define "sluice.config" -}}
{{- $own := include "sluice.ownConfig" . | fromYaml -}}
{{- toYaml (mergeOverwrite $own (deepCopy .Values.config)) -}}
{{- end -}}

{{/* What the server reads of a namespace, and writes there where that is switched on. */}}
{{- define "sluice.readRules" -}}
- apiGroups: [""]
  resources: [services, pods, endpoints]
  verbs: [list, watch]
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [list, watch]
- apiGroups: [sluice.dev]
  resources: [trafficpolicies, gateways, instanceoverrides, staticservices]
  verbs: [{{ if .Values.kubernetes.status }}get, {{ end }}list, watch]
{{- if .Values.kubernetes.status }}
- apiGroups: [sluice.dev]
  resources: [trafficpolicies/status, gateways/status, instanceoverrides/status, staticservices/status]
  verbs: [patch]
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create]
{{- end }}
{{- if .Values.kubernetes.overrides }}
- apiGroups: [sluice.dev]
  resources: [instanceoverrides]
  verbs: [get, create, patch, delete]
{{- end }}
{{- end -}}

{{- define "sluice.subjects" -}}
- kind: ServiceAccount
  name: {{ include "sluice.serviceAccount" . }}
  namespace: {{ .Release.Namespace }}
{{- end -}}
