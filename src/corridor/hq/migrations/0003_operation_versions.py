from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('hq', '0002_desks'),
    ]

    operations = [
        migrations.CreateModel(
            name='OperationVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at_ms', models.BigIntegerField(db_index=True)),
                ('who', models.CharField(max_length=64)),
                ('why', models.TextField()),
                ('sha256', models.CharField(max_length=64)),
                ('changes', models.JSONField(default=list)),
            ],
        ),
    ]
